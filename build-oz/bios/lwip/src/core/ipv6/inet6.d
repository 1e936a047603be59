build-oz/bios/lwip/src/core/ipv6/inet6.o: \
 build/deps/lwip/src/core/ipv6/inet6.c
