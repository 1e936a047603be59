build-oz/bios/lwip/src/core/udp.o: build/deps/lwip/src/core/udp.c
