build-oz/bios/lwip/src/core/ipv6/ip6_frag.o: \
 build/deps/lwip/src/core/ipv6/ip6_frag.c
