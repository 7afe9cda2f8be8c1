package dev.spillway.core.policy;

import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyIndexTest {
    private static Policy policy(String namespace, String name, Labels selector) {
        return aPolicy().key(namespace, name).selecting(selector).build();
    }

    @Test
    void emptySelectorSpeaksAboutEveryPodOfItsNamespaceOnly() { // E25, E26
        var index = new PolicyIndex();
        index.put(policy("demo", "all", Labels.empty()));
        assertThat(index.selecting("demo", Labels.of("a", "b"))).hasSize(1);
        assertThat(index.selecting("other", Labels.of("a", "b"))).isEmpty();
    }

    @Test
    void agreesWithLookingAtEveryPolicy() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var index = new PolicyIndex();
            var all = new TreeMap<PolicyKey, Policy>();
            for (int i = 0; i < 30; i++) {
                var policy = policy("n" + random.nextInt(2), "p" + random.nextInt(10), labels(random, 2));
                index.put(policy);
                all.put(policy.key(), policy);
                if (random.nextInt(4) == 0) {
                    index.remove(policy.key());
                    all.remove(policy.key());
                }
                var pod = labels(random, 4);
                assertThat(index.selecting("n0", pod))
                        .as("seed %d", seed)
                        .containsExactlyElementsOf(all.values().stream()
                                .filter(p -> p.key().namespace().equals("n0") && p.selects(pod))
                                .toList());
            }
        }
    }

    private static Labels labels(SplittableRandom random, int most) {
        var map = new TreeMap<String, String>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            map.put("k" + random.nextInt(4), "v" + random.nextInt(2));
        }
        return Labels.of(map);
    }
}
