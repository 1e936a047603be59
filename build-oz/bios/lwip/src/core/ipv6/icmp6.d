build-oz/bios/lwip/src/core/ipv6/icmp6.o: \
 build/deps/lwip/src/core/ipv6/icmp6.c
