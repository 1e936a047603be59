build-oz/bios/lwip/src/core/ipv4/dhcp.o: \
 build/deps/lwip/src/core/ipv4/dhcp.c
