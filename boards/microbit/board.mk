# BBC micro:bit v1: nRF51822, Cortex-M0, 256 KB flash, 16 KB RAM.
$(eval $(call board,microbit,arm-none-eabi-,-mcpu=cortex-m0 -mthumb -ffreestanding,-nostartfiles --specs=nano.specs -T boards/microbit/memory.ld))
