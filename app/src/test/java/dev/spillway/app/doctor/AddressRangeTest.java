package dev.spillway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.244.1.0/24, 10.244.1.255, true",
        "10.244.1.0/24, 10.244.2.0, false",
        "10.244.0.0/15, 10.245.255.255, true",
        "10.244.0.0/15, 10.246.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "10.0.0.7/32, 10.0.0.6, false",
        "fd00:10:244::/64, fd00:10:244::9, true",
        "fd00:10:244::/64, fd00:10:244:1::9, false",
        "0.0.0.0/0, fd00::1, false",
    })
    void containsWhatBeginsWithTheSameBits(String range, String address, boolean expected) {
        assertThat(AddressRange.parse(range).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "host/8"})
    void anythingElseIsNoRange(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }
}
