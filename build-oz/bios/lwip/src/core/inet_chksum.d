build-oz/bios/lwip/src/core/inet_chksum.o: \
 build/deps/lwip/src/core/inet_chksum.c
