/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE field registry. A new field is a getter in one of field_get*.c and an entry here.
 *
 * Wireshark's names are those of `tshark -G fields`; NetObserv's are those of
 * its console's filters (dns_id) and of its flows' JSON (DnsId).
 */
#include "core/dns/names.h"
#include "core/query/field_get.h"

/* clang-format off */
#define MS              1000000ull
#define S               (1000 * MS)
#define ALIASES(...)    ((const struct field_alias[]){ __VA_ARGS__, { NULL, 0 } })
#define AS(n)           { .name = (n) }
#define AS_IN(n, b)     { .name = (n), .bare_ns = (b) }
#define OF_TYPE(t)      .type = (t), .registry = -1
#define IN_REGISTRY(r)  .type = VALUE_NAMED, .registry = (r)
#define ONE_OF(list)    .type = VALUE_NAMED, .registry = -1, .names = (list)
#define WIDTH(min, max) .width = (min), .max_width = (max)
/* clang-format on */

/*
 * Which columns leave a narrow screen first. Name, latency and response code
 * stay (0); what the user chose beside the default ones outlives the id, or
 * choosing it would show nothing on a screen of 80 columns.
 */
enum {
	DROP_NEVER = 0,
	DROP_CLIENT = 10,
	DROP_TYPE = 20,
	DROP_TIME = 30,
	DROP_CHOSEN = 35,
	DROP_ID = 40,
	DROP_SERVER = 50,
	DROP_SERVER_PORT = 60,
	DROP_CLIENT_PORT = 61,
	DROP_PROCESS = 70,
	DROP_TRANSPORT = 80,
	DROP_INTERFACE = 90,
};

/* What depends on the name asked for alone. */
#define OF_NAME(getter) .get = (getter), .id = field_qname_id, .id_store = field_names

/* The name's last n labels: what is grouped by to see whole domains. */
#define DOMAIN(n, words)                                                                     \
	{                                                                                    \
		.name = "domain" #n, .title = "DOMAIN/" #n, .unit = "", OF_TYPE(VALUE_TEXT), \
		WIDTH(20, 120), .drop = DROP_CHOSEN, .flags = FIELD_TAIL,                    \
		OF_NAME(field_get_domain##n),                                                \
		.help = words " of the name; of one in .arpa one more",                      \
	}

/* Packed, where clang-format would give each member a line of its own. */
/* clang-format off */
static const struct field registry[] = {
	{ .name = "ts", .title = "TIME", .unit = "s", OF_TYPE(VALUE_TIME),
	  WIDTH(12, 0), .drop = DROP_TIME, .flags = FIELD_JSON | FIELD_NO_GROUP,
	  .get = field_get_ts,
	  .aliases = ALIASES(AS("time"), AS("frame.time"), AS("frame.time_epoch"),
			     AS("TimeFlowStartMs")),
	  .help = "when the query was first sent; of an answer without a query, its own time" },
	{ .name = "state", .title = "STATE", .unit = "", ONE_OF(field_states),
	  WIDTH(8, 11), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_state, .id = field_state_id,
	  .help = "answered, timeout, pending, or unsolicited (an answer without a query)" },
	{ .name = "service", .title = "SERVICE", .unit = "", ONE_OF(field_services),
	  WIDTH(7, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_service, .id = field_service_id,
	  .aliases = ALIASES(AS("svc")),
	  .help = "dns, mdns (port 5353) or llmnr (port 5355)" },
	{ .name = "transport", .title = "PROTO", .unit = "", ONE_OF(field_transports),
	  WIDTH(5, 0), .drop = DROP_TRANSPORT, .flags = FIELD_JSON,
	  .get = field_get_transport, .id = field_transport_id,
	  .aliases = ALIASES(AS("proto"), AS("protocol")),
	  .help = "what carried the messages: udp, tcp, tls, https or quic" },
	{ .name = "client", .title = "CLIENT", .unit = "", OF_TYPE(VALUE_ADDR),
	  WIDTH(10, 39), .drop = DROP_CLIENT, .flags = FIELD_JSON,
	  .get = field_get_client, .id = field_client_id, .id_store = field_addrs,
	  .aliases = ALIASES(AS("src"), AS("ip.src"), AS("ipv6.src"), AS("src_address"),
			     AS("SrcAddr")),
	  .help = "address of the side that asks" },
	{ .name = "client_port", .title = "SPORT", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(5, 0), .drop = DROP_CLIENT_PORT, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_client_port, .id = field_client_port_id,
	  .aliases = ALIASES(AS("sport"), AS("udp.srcport"), AS("tcp.srcport"), AS("src_port"),
			     AS("SrcPort")),
	  .help = "port of the side that asks" },
	{ .name = "server", .title = "SERVER", .unit = "", OF_TYPE(VALUE_ADDR),
	  WIDTH(10, 39), .drop = DROP_SERVER, .flags = FIELD_JSON,
	  .get = field_get_server, .id = field_server_id, .id_store = field_addrs,
	  .aliases = ALIASES(AS("dst"), AS("ip.dst"), AS("ipv6.dst"), AS("dst_address"),
			     AS("DstAddr")),
	  .help = "address of the side that is asked" },
	{ .name = "server_port", .title = "DPORT", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(5, 0), .drop = DROP_SERVER_PORT, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_server_port, .id = field_server_port_id,
	  .aliases = ALIASES(AS("dport"), AS("udp.dstport"), AS("tcp.dstport"), AS("dst_port"),
			     AS("DstPort")),
	  .help = "port of the side that is asked" },
	{ .name = "id", .title = "ID", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(5, 0), .drop = DROP_ID, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_id,
	  .aliases = ALIASES(AS("dns.id"), AS("dns_id"), AS("DnsId")),
	  .help = "DNS Id: the number in the header that pairs query and response" },
	{ .name = "opcode", .title = "OPCODE", .unit = "", IN_REGISTRY(DNS_OPCODES),
	  WIDTH(6, 8), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_opcode,
	  .aliases = ALIASES(AS("dns.flags.opcode")),
	  .help = "what kind of message: QUERY, NOTIFY, UPDATE ..." },
	{ .name = "qname", .title = "NAME", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(20, 120), .drop = DROP_NEVER, .flags = FIELD_JSON | FIELD_TAIL,
	  OF_NAME(field_get_qname),
	  .aliases = ALIASES(AS("name"), AS("dns.qry.name"), AS("dns_name"), AS("DnsName")),
	  .help = "the name asked for, as sent" },
	{ .name = "qtype", .title = "TYPE", .unit = "", IN_REGISTRY(DNS_TYPES),
	  WIDTH(5, 10), .drop = DROP_TYPE, .flags = FIELD_JSON,
	  .get = field_get_qtype, .id = field_qtype_id,
	  .aliases = ALIASES(AS("type"), AS("dns.qry.type")),
	  .help = "record type asked for: A, AAAA, HTTPS, TYPE65280 ..." },
	{ .name = "qclass", .title = "CLASS", .unit = "", IN_REGISTRY(DNS_CLASSES),
	  WIDTH(5, 10), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_qclass, .id = field_qclass_id,
	  .aliases = ALIASES(AS("class"), AS("dns.qry.class")),
	  .help = "class asked for, nearly always IN" },
	{ .name = "rcode", .title = "RCODE", .unit = "", IN_REGISTRY(DNS_RCODES),
	  WIDTH(9, 0), .drop = DROP_NEVER, .flags = FIELD_JSON,
	  .get = field_get_rcode, .id = field_rcode_id, .absent = field_no_rcode,
	  .aliases = ALIASES(AS("code"), AS("dns.flags.rcode"), AS("dns_flag_response_code"),
			     AS("DnsFlagsResponseCode")),
	  .help = "response code, extended through EDNS: NOERROR, NXDOMAIN, SERVFAIL, BADVERS ..." },
	{ .name = "flags", .title = "FLAGS", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(11, 23), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_flags,
	  .aliases = ALIASES(AS("dns.flags"), AS("DnsFlags")),
	  .help = "header flags of the response, else of the query: qr aa tc rd ra ad cd" },
	{ .name = "latency_us", .title = "LATENCY", .unit = "us", OF_TYPE(VALUE_DURATION),
	  WIDTH(7, 0), .drop = DROP_NEVER, .flags = FIELD_JSON | FIELD_RIGHT | FIELD_NO_GROUP,
	  .get = field_get_latency, .bare_ns = 1000,
	  .aliases = ALIASES(AS_IN("latency", MS), AS_IN("latency_ms", MS), AS_IN("dns.time", S),
			     AS_IN("dns_latency", MS), AS_IN("DnsLatencyMs", MS)),
	  .help = "from the first attempt to the answer" },
	{ .name = "attempts", .title = "TRIES", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(5, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_attempts,
	  .aliases = ALIASES(AS("tries")),
	  .help = "how often the query was sent" },
	{ .name = "sightings", .title = "SEEN", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(4, 5), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_sightings,
	  .aliases = ALIASES(AS("seen")),
	  .help = "how often its messages were seen, on all interfaces" },
	{ .name = "query_bytes", .title = "QBYTES", .unit = "bytes", OF_TYPE(VALUE_UINT),
	  WIDTH(6, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_query_bytes,
	  .aliases = ALIASES(AS("qsize")),
	  .help = "length of the query message" },
	{ .name = "response_bytes", .title = "RBYTES", .unit = "bytes", OF_TYPE(VALUE_UINT),
	  WIDTH(6, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_response_bytes,
	  .aliases = ALIASES(AS("rsize")),
	  .help = "length of the response message" },
	{ .name = "answers", .title = "ANSWERS", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(7, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_answers,
	  .aliases = ALIASES(AS("ancount"), AS("dns.count.answers")),
	  .help = "number of records in the answer section" },
	{ .name = "answer", .title = "ANSWER", .unit = "", OF_TYPE(VALUE_LIST),
	  WIDTH(20, 80), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_answer,
	  .help = "the data of the answer records" },
	{ .name = "ttl", .title = "TTL", .unit = "s", OF_TYPE(VALUE_UINT),
	  WIDTH(6, 10), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_ttl,
	  .aliases = ALIASES(AS("dns.resp.ttl")),
	  .help = "smallest time to live in the answer section" },
	{ .name = "pid", .title = "PID", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(7, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_pid, .id = field_owner_id, .id_store = field_owners,
	  .help = "process that asked" },
	{ .name = "comm", .title = "PROCESS", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(7, 15), .drop = DROP_PROCESS, .flags = FIELD_JSON,
	  .get = field_get_comm, .id = field_owner_id, .id_store = field_owners,
	  .aliases = ALIASES(AS("proc"), AS("process")),
	  .help = "name of the process that asked" },
	{ .name = "uid", .title = "UID", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(5, 10), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_uid, .id = field_owner_id, .id_store = field_owners,
	  .aliases = ALIASES(AS("user")),
	  .help = "user id of the process that asked" },
	{ .name = "container", .title = "CONTAINER", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(12, 24), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_container, .id = field_owner_id, .id_store = field_owners,
	  .help = "container that asked, by name or id; outside of any, the systemd unit" },
	{ .name = "pod", .title = "POD", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(12, 32), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_pod, .id = field_owner_id, .id_store = field_owners,
	  .help = "Kubernetes pod that asked: namespace/name" },
	{ .name = "netns", .title = "NETNS", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(10, 0), .drop = DROP_CHOSEN, .flags = FIELD_JSON | FIELD_RIGHT,
	  .get = field_get_netns,
	  .help = "network namespace where it was first seen, by inode number" },
	{ .name = "interface", .title = "IFACE", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(6, 15), .drop = DROP_INTERFACE, .flags = FIELD_JSON,
	  .get = field_get_interface,
	  .aliases = ALIASES(AS("iface"), AS("frame.interface_name")),
	  .help = "network interface where it was first seen" },
	{ .name = "path", .title = "PATH", .unit = "", OF_TYPE(VALUE_LIST),
	  WIDTH(20, 60), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_nothing,
	  .help = "the legs of its way: interfaces, and the time spent on each" },
	{ .name = "drop_reason", .title = "DROPPED", .unit = "", OF_TYPE(VALUE_TEXT),
	  WIDTH(9, 20), .drop = DROP_CHOSEN, .flags = FIELD_JSON,
	  .get = field_get_drop_reason,
	  .help = "why the kernel dropped a message: NETFILTER_DROP, NO_SOCKET, SOCKET_RCVBUFF ..." },
	{ .name = "wire_bytes", .title = "BYTES", .unit = "bytes", OF_TYPE(VALUE_UINT),
	  WIDTH(6, 0), .drop = DROP_CHOSEN, .flags = FIELD_RIGHT,
	  .get = field_get_bytes,
	  .aliases = ALIASES(AS("bytes")),
	  .help = "length of query and response together" },
	{ .name = "ede", .title = "EDE", .unit = "", IN_REGISTRY(DNS_EDES),
	  WIDTH(20, 32), .drop = DROP_CHOSEN, .flags = 0,
	  .get = field_get_ede,
	  .aliases = ALIASES(AS("dns.opt.ext_error.info_code")),
	  .help = "extended error that the response gives (RFC 8914)" },
	{ .name = "do", .title = "DO", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(2, 0), .drop = DROP_CHOSEN, .flags = FIELD_RIGHT,
	  .get = field_get_dnssec_ok,
	  .aliases = ALIASES(AS("dnssec_ok"), AS("dns.resp.z.do")),
	  .help = "1 where the query asks for DNSSEC records, 0 where its EDNS does not" },
	{ .name = "tc", .title = "TC", .unit = "", OF_TYPE(VALUE_UINT),
	  WIDTH(2, 0), .drop = DROP_CHOSEN, .flags = FIELD_RIGHT,
	  .get = field_get_truncated,
	  .aliases = ALIASES(AS("dns.flags.truncated")),
	  .help = "1 where the response was truncated by the server, 0 where not" },
	{ .name = "band", .title = "BAND", .unit = "", ONE_OF(field_bands),
	  WIDTH(8, 0), .drop = DROP_CHOSEN, .flags = 0,
	  .get = field_get_band,
	  .help = "latency by steps: 0-1ms, 1-5ms, 5-20ms, 20-100ms, 100ms-1s, 1s-5s, over-5s" },
	DOMAIN(1, "last label"),
	DOMAIN(2, "last 2 labels"),
	DOMAIN(3, "last 3 labels"),
	DOMAIN(4, "last 4 labels"),
	DOMAIN(5, "last 5 labels"),
	DOMAIN(6, "last 6 labels"),
	DOMAIN(7, "last 7 labels"),
	DOMAIN(8, "last 8 labels"),
	DOMAIN(9, "last 9 labels"),
};
/* clang-format on */

const struct field *fields(size_t *n)
{
	*n = sizeof(registry) / sizeof(registry[0]);
	return registry;
}
