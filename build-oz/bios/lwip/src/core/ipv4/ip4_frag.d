build-oz/bios/lwip/src/core/ipv4/ip4_frag.o: \
 build/deps/lwip/src/core/ipv4/ip4_frag.c
