build-oz/bios/lwip/src/core/ipv6/mld6.o: \
 build/deps/lwip/src/core/ipv6/mld6.c
