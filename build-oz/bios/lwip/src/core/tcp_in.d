build-oz/bios/lwip/src/core/tcp_in.o: build/deps/lwip/src/core/tcp_in.c
