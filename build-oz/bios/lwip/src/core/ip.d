build-oz/bios/lwip/src/core/ip.o: build/deps/lwip/src/core/ip.c
