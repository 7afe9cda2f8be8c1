package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackedTextTest {
    static Stream<String> texts() {
        var random = new Random(7);
        var noise = IntStream.range(0, 100_000)
                .mapToObj(i -> String.valueOf((char) (0x20 + random.nextInt(0x2000))))
                .collect(Collectors.joining());
        return Stream.of("", "{}", "\u00e9\u4e16\ud83d\ude00", "a".repeat(256 * 1024), noise, usual(3));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aTextComesBackAsItWas(String text) {
        assertThat(PackedText.of(text).text()).isEqualTo(text);
        assertThat(PackedText.of(text)).isEqualTo(PackedText.of(text));
    }

    /** Ids are random: 64 hexadecimal digits are 32 bytes at best. */
    @Test
    void aStatusTakesAThirdOfItsText() {
        var text = usual(3);

        assertThat(PackedText.of(text).size()).isLessThan(text.length() / 3);
    }

    private static String usual(int containers) {
        var random = new Random(1);
        var statuses = IntStream.range(0, containers)
                .mapToObj(i -> """
                    {"containerID":"containerd://%1$s","image":"nginx:1.27","imageID":"docker.io/library/nginx@sha256:%2$s",\
                    "lastState":{},"name":"c-%3$d","ready":true,"restartCount":0,"started":true,\
                    "state":{"running":{"startedAt":"2026-03-01T09:00:30Z"}},"volumeMounts":[{"mountPath":\
                    "/var/run/secrets/kubernetes.io/serviceaccount","name":"kube-api-access-8t2bz","readOnly":true,\
                    "recursiveReadOnly":"Disabled"}]}""".formatted(digits(random), digits(random), i))
                .collect(Collectors.joining(","));
        return "{\"containerStatuses\":[%s],\"podIP\":\"10.1.2.3\"}".formatted(statuses);
    }

    private static String digits(Random random) {
        return random.ints(64, 0, 16).mapToObj(Integer::toHexString).collect(Collectors.joining());
    }
}
