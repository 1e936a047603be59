build-oz/bios/lwip/src/core/def.o: build/deps/lwip/src/core/def.c
