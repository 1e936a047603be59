build-oz/bios/lwip/src/core/ipv6/dhcp6.o: \
 build/deps/lwip/src/core/ipv6/dhcp6.c
