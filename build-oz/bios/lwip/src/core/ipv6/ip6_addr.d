build-oz/bios/lwip/src/core/ipv6/ip6_addr.o: \
 build/deps/lwip/src/core/ipv6/ip6_addr.c
