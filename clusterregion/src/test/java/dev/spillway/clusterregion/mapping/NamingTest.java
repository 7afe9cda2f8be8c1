package dev.spillway.clusterregion.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Token;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamingTest {
    private static final String SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    @Test
    void namesAreNamesAndNoTwoNamespacesShareOne() {
        var random = new Random(7);
        var owners = new HashMap<String, String>();
        for (int i = 0; i < 20_000; i++) {
            var home = name(random, 1 + random.nextInt(63), "ab-");
            var there = Naming.namespace("s-", home);
            assertThat(there).matches(LABEL).hasSizeLessThanOrEqualTo(63);
            assertThat(owners.merge(there, home, (a, b) -> a.equals(b) ? a : a + " and " + b))
                    .isEqualTo(home);
        }
    }

    @Test
    void aNamespaceNamedLikeTheCutOneOfAnotherHasAnotherName() {
        var longName = "n".repeat(63);
        var cut = Naming.namespace("p-", longName);

        assertThat(Naming.namespace("p-", cut.substring(2))).isNotEqualTo(cut);
    }

    @Test
    void aPodsNameIsAName() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var token = new Token(
                    "%064x".formatted(random.nextLong() & Long.MAX_VALUE).replace('0', 'c'));
            var home = name(random, 1 + random.nextInt(253), "ab-.");
            if (home.matches(SUBDOMAIN)) {
                assertThat(Naming.pod(home, token))
                        .matches(SUBDOMAIN)
                        .hasSizeLessThanOrEqualTo(63)
                        .endsWith("-" + token.value().substring(0, 10));
            }
        }
    }

    private static String name(Random random, int length, String letters) {
        var name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            boolean isEdge = i == 0 || i == length - 1;
            name.append(letters.charAt(random.nextInt(isEdge ? 2 : letters.length())));
        }
        return name.toString();
    }
}
