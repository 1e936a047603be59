build-oz/bios/lwip/src/core/stats.o: build/deps/lwip/src/core/stats.c
