package dev.spillway.app.doctor;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The addresses that begin with the same bits.
 *
 * @param text as it was written, such as {@code 10.2.0.0/24}
 * @param bits how many
 */
record AddressRange(String text, InetAddress first, int bits) {
    /** Of CIDR notation; empty where it is none. */
    static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            var first = InetAddress.ofLiteral(text.substring(0, slash));
            int bits = Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > 8 * first.getAddress().length
                    ? Optional.empty()
                    : Optional.of(new AddressRange(text, first, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether an address, of the same family, is one of them. */
    boolean contains(InetAddress address) {
        var wanted = first.getAddress();
        var given = address.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
