build-oz/bios/lwip/src/core/ipv4/ip4_addr.o: \
 build/deps/lwip/src/core/ipv4/ip4_addr.c
