build-oz/bios/lwip/src/core/ipv4/ip4.o: \
 build/deps/lwip/src/core/ipv4/ip4.c
