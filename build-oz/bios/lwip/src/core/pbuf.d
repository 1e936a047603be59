build-oz/bios/lwip/src/core/pbuf.o: build/deps/lwip/src/core/pbuf.c
