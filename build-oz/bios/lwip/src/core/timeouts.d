build-oz/bios/lwip/src/core/timeouts.o: \
 build/deps/lwip/src/core/timeouts.c
