build-oz/bios/lwip/src/core/tcp_out.o: build/deps/lwip/src/core/tcp_out.c
