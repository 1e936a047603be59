build-oz/bios/lwip/src/core/sys.o: build/deps/lwip/src/core/sys.c
