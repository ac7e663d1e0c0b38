# TODO: name, part, core, flash, RAM. The arguments are the folder's name, the
# tools' prefix, the compiler's flags for the part, and the linker's.
$(eval $(call board,template,arm-none-eabi-,-mcpu=cortex-m0 -mthumb -ffreestanding,-nostartfiles --specs=nano.specs -T boards/template/memory.ld))
