build-oz/bios/lwip/src/core/ipv4/acd.o: \
 build/deps/lwip/src/core/ipv4/acd.c
