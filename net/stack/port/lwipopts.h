// Options of lwIP 2.2.1 for Hawser: one thread, raw API, memory from the heap, a receive window
// large enough that the link is the limit.
#pragma once

// --- environment ---------------------------------------------------------------------------------
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_STATS 0
#define LWIP_TIMERS 1

// --- memory: all from the heap, which is bounded and aligned to 16 bytes
// --------------------------
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 16
#define LWIP_SUPPORT_CUSTOM_PBUF 1  // received frames stay in the DMA buffer they arrived in

// --- link ----------------------------------------------------------------------------------------
#define LWIP_ETHERNET 1
#define LWIP_ARP 1
#define ETH_PAD_SIZE 0
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#define ARP_QUEUEING 1  // a question to DNS and the first packet of a transfer wait side by side
#define ARP_QUEUE_LEN 8
#define LWIP_CHECKSUM_ON_COPY 0
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1  // a virtual machine's host has checked some frames already
#define LWIP_CHKSUM hawser_lwip_checksum
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_HWADDRHINT 0
#define LWIP_NUM_NETIF_CLIENT_DATA 0

// --- IP ------------------------------------------------------------------------------------------
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ICMP 1
#define LWIP_RAW 1  // ping
#define LWIP_IGMP 0
#define LWIP_ACD 0
#define LWIP_AUTOIP 0
#define LWIP_DHCP 0  // net/dhcp is our own
#define IP_FRAG 1
#define IP_REASSEMBLY 1
#define IP_REASS_MAX_PBUFS 64
#define IP_FORWARD 0
// A DHCP server may answer to an address that we do not have yet (RFC 2131 §4.1).
#define LWIP_IP_ACCEPT_UDP_PORT(port) ((port) == PP_HTONS(68))

// --- UDP, DNS ------------------------------------------------------------------------------------
#define LWIP_UDP 1
#define LWIP_DNS 1
#define DNS_MAX_SERVERS 4
#define DNS_MAX_NAME_LENGTH 256
#define LWIP_DNS_SECURE 7  // random id, random port, one request per name

// --- TCP -----------------------------------------------------------------------------------------
#define LWIP_TCP 1
#define TCP_MSS 1460  // upper limit; the interface's MTU may make it less
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 6
#define TCP_WND (2 * 1024 * 1024)
#define TCP_SND_BUF (16 * 1024)
#define TCP_SND_QUEUELEN 48
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_MAX_PBUFS 1
#define TCP_OOSEQ_PBUFS_LIMIT(pcb) hawser_lwip_reorder_limit()
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_RTO_TIME 1000  // RFC 6298 (2.1): a lost SYN costs one second, not three
#define LWIP_TCP_KEEPALIVE 1
#define LWIP_RANDOMIZE_INITIAL_LOCAL_PORTS 1
// Ports are random as well, so a random number serves RFC 6528.
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) hawser_lwip_random()
