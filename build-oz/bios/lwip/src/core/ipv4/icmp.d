build-oz/bios/lwip/src/core/ipv4/icmp.o: \
 build/deps/lwip/src/core/ipv4/icmp.c
