build-oz/bios/lwip/src/core/tcp.o: build/deps/lwip/src/core/tcp.c
