//! A message that a program builds itself, byte by byte: the echo request of ICMP (RFC 792).

/// Type 8, code 0, checksum, identifier 1, `number`, and then the data; 8 bytes and those of the
/// data. `wrong` is added to the checksum, bit by bit: anything but 0 makes it a wrong one.
pub(super) fn request(number: u16, data: &[u8], wrong: u16) -> Vec<u8> {
    let mut packet = vec![8, 0, 0, 0, 0, 1];
    packet.extend_from_slice(&number.to_be_bytes());
    packet.extend_from_slice(data);
    let sum = checksum(&packet) ^ wrong;
    packet[2..4].copy_from_slice(&sum.to_be_bytes());
    packet
}

/// The internet checksum (RFC 1071): the complement of the sum of all 16-bit words, with the carries
/// added again. An odd last byte counts as the upper half of a word.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u64 = bytes
        .chunks(2)
        .map(|pair| {
            let low = pair.get(1).copied().unwrap_or(0);
            u64::from(pair[0]) << 8 | u64::from(low)
        })
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_fields_stand_where_the_rfc_says() {
        let packet = request(0x0203, b"hello", 0);
        assert_eq!(packet[..2], [8, 0]);
        assert_eq!(packet[4..8], [0, 1, 2, 3]);
        assert_eq!(&packet[8..], b"hello");
        // 0800 + 0001 + 0203 + 6865 + 6c6c + 6f00 = 14dd5; with the carry 4dd6; its complement:
        assert_eq!(packet[2..4], [0xb2, 0x29]);
    }

    proptest! {
        /// Who adds up a right one, its checksum included, gets nothing; a wrong one is found out.
        #[test]
        fn the_receiver_finds_a_wrong_checksum(
            number: u16, data in prop::collection::vec(any::<u8>(), 0..100), wrong: u16,
        ) {
            prop_assert_eq!(checksum(&request(number, &data, 0)), 0);
            let found_out = checksum(&request(number, &data, wrong)) != 0;
            // Both all-zeros and all-ones mean zero in this arithmetic.
            prop_assert!(found_out || wrong == 0 || wrong == 0xffff);
        }
    }
}
