build-oz/bios/lwip/src/core/ipv6/ip6.o: \
 build/deps/lwip/src/core/ipv6/ip6.c
