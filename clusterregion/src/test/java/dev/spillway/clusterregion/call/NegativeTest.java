package dev.spillway.clusterregion.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NegativeTest {
    private static Reply no(int code, String reason) {
        return no(code, reason, "Operation cannot be fulfilled on pods \"train-of-team-a\"");
    }

    private static Reply no(int code, String reason, String message) {
        return new Reply.No(code, reason, message, 3, JsonNodeFactory.instance.objectNode());
    }

    /** These are shown to pods of every namespace, so that what was said about one pod has no place in them. */
    @Test
    void whatClosesARegionToEverybodyDoesNotQuoteWhatWasSaidAboutOnePod() {
        assertThat(Negative.of(no(429, "TooManyRequests"), "create on pods"))
                .isEqualTo(new AcquireAnswer.Refused(new Refusal.Throttled(Duration.ofSeconds(3), "it answered 429")));
        assertThat(Negative.before(no(503, "ServiceUnavailable"), "create on pods"))
                .isEqualTo(new AcquireAnswer.Refused(new Refusal.Unavailable("it answered 503")));
    }

    /** As an API server words both: rights that are missing close the region, and a policy's no is the pod's own. */
    @Test
    void aPolicyThatQuotesATenantClosesNoRegion() {
        assertThat(Negative.of(no(403, "Forbidden", """
                                admission webhook "v.gatekeeper.sh" denied the request: annotation is User "x" cannot create pods"""), "create on pods"))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Invalid.class));
        assertThat(Negative.of(no(403, "Forbidden", """
                                pods is forbidden: User "spillway" cannot create resource "pods" in API group "" in the namespace "x": no role"""), "create on pods"))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unauthorised.class));
    }

    @Test
    void whatConcernsThePodAloneIsSaidInTheServersWords() {
        assertThat(Negative.of(no(422, "Invalid"), "create on pods"))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isEqualTo(new Refusal.Invalid(
                                        "Operation cannot be fulfilled on pods \"train-of-team-a\"")));
    }
}
