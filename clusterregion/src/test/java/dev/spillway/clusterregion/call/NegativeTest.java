package dev.spillway.clusterregion.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import java.util.List;
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

    /** The name stands for whatever a server may quote. Invalid is shown to the one pod. */
    @Test
    void noAnswerForEverybodyQuotesWhatWasSaidAboutOnePodWhateverItsCode() {
        for (int code = 400; code < 600; code++) {
            var reply = no(code, "Whatever");
            for (var answer : List.of(
                    Negative.of(reply, "create on pods"),
                    Negative.before(reply, "create on pods"),
                    Negative.momentary(reply),
                    Negative.unknown(reply),
                    Negative.unknown(Doubt.NOT_TAKEN_BACK, reply))) {
                boolean isForThePodAlone = answer instanceof AcquireAnswer.Refused(Refusal.Invalid _);
                if (!isForThePodAlone) {
                    assertThat(answer.toString()).as("%d", code).doesNotContain("team-a");
                }
            }
        }
    }

    /** As the filter for authorisation of an API server writes it: who may not do what is kept, with which object and in whose namespace is not. */
    @Test
    void aMissingRightIsNamedWithoutTheNamespaceInWhichItIsMissing() {
        var reply = no(
                403,
                "Forbidden",
                "pods \"train-of-team-a\" is forbidden: User \"system:serviceaccount:spillway:spillway\" cannot delete resource \"pods\" in API group \"\" in the namespace \"cluster-1-team-a\"");

        assertThat(Negative.before(reply, "get, delete on pods"))
                .isEqualTo(
                        new AcquireAnswer.Refused(
                                new Refusal.Unauthorised(
                                        "the region does not grant get, delete on pods: it answered 403: User \"system:serviceaccount:spillway:spillway\" cannot delete resource \"pods\" in API group \"\"")));
    }

    /** What the home cluster says is about this pod and for it, and closes no region. */
    @Test
    void aHomeClusterThatCannotServeConcernsThePodAlone() {
        var what = "the home cluster gave no secrets/keys";
        for (int code : List.of(401, 408, 429, 500, 502, 503, 504)) {
            assertThat(Negative.atHome(what, no(code, "Whatever", "about team-a")))
                    .as("%d", code)
                    .isInstanceOfSatisfying(
                            AcquireAnswer.Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unprepared.class));
        }
        assertThat(Negative.atHome(what, no(500, "InternalError", "etcdserver: request timed out")))
                .isEqualTo(new AcquireAnswer.Refused(new Refusal.Unprepared(
                        "the home cluster gave no secrets/keys: it answered 500: etcdserver: request timed out")));
        assertThat(Negative.atHome(what, new Reply.Silent("no answer", false)))
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Unprepared("the home cluster gave no secrets/keys: no answer")));
        assertThat(Negative.atHome(what, no(400, "BadRequest", "what a name")))
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Invalid("the home cluster gave no secrets/keys: it answered 400: what a name")));
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
