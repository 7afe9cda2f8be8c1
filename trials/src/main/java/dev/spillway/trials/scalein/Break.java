package dev.spillway.trials.scalein;

import dev.spillway.core.model.PodKey;
import java.time.Duration;

/**
 * A pod left while one stayed whose deletion costs less.
 *
 * @param ago how long before the pod left the reason had ceased to be true; zero where it was true until then. Owners look at a cache
 */
public record Break(Member left, Member stayed, Why why, Duration ago) {
    /** One of the two, as it was when it counted. */
    public record Member(PodKey pod, Standing standing) {
        static Member of(PodVersion version) {
            return new Member(version.key(), version.standing());
        }

        @Override
        public String toString() {
            String unit = standing.unit().isEmpty() ? "" : ", unit " + standing.unit();
            return "%s (cost %d%s)".formatted(pod.name(), standing.cost(), unit);
        }
    }

    /** Such as {@code web-abc (cost 1800, unit 3) stayed while web-def (cost 2000, unit 1) left: web-def was not ready}. */
    @Override
    public String toString() {
        String until = ago.isZero() ? "" : " until %d ms before".formatted(ago.toMillis());
        return "%s stayed while %s left: %s%s"
                .formatted(stayed, left, why.of(left.pod().name()), until);
    }
}
