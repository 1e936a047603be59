build-oz/bios/lwip/src/core/ipv4/igmp.o: \
 build/deps/lwip/src/core/ipv4/igmp.c
