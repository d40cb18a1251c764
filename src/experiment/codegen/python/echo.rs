//! ICMP built by hand.

pub(super) const ECHO_REQUEST: &str = r#"
# RFC 1071: the complement of the sum of all 16-bit words, the carries added again.
def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

# RFC 792: type 8, code 0, checksum, identifier, number, data.
def echo_request(number, data, wrong):
    packet = struct.pack("!BBHHH", 8, 0, 0, 1, number) + data
    return packet[:2] + struct.pack("!H", checksum(packet) ^ wrong) + packet[4:]
"#;
