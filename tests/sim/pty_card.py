# pty_card.py LINK PROGRAM [ARGUMENT...] - a card on a serial line: a pty, named
# LINK, with PROGRAM (T=0 on stdin and stdout) on its other side. The terminal's
# reset, which a pty passes on as a flush of its input, starts PROGRAM anew.
# Ends when its own standard input does, as a board that is unplugged.
import fcntl, os, select, struct, subprocess, sys, termios, tty

TIOCPKT, FLUSHREAD = 0x5420, 0x01
link, program = sys.argv[1], sys.argv[2:]
master, slave = os.openpty()
tty.setraw(slave)
fcntl.ioctl(master, TIOCPKT, struct.pack("i", 1))
os.symlink(os.ttyname(slave), link)
card = None


def stop():
    global card
    if card:
        card.stdin.close()
        card.wait()
        card.stdout.close()
    card = None


while True:
    sources = [0, master] + ([card.stdout] if card else [])
    ready = select.select(sources, [], [])[0]
    if 0 in ready and not os.read(0, 64):
        break
    if master in ready:
        told = os.read(master, 600)
        if told[0] & FLUSHREAD:
            stop()
            card = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            continue
        if told[0] == 0 and card:
            card.stdin.write(told[1:])
    if card and card.stdout in ready:
        said = os.read(card.stdout.fileno(), 600)
        if said:
            os.write(master, said)
        else:
            stop()
stop()
os.unlink(link)
