build-oz/bios/lwip/src/core/init.o: build/deps/lwip/src/core/init.c
