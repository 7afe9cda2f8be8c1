package dev.spillway.core.port;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.testing.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a binding, to a virtual node as to a real one (R23.3 to R23.5). */
class BindAttemptTest {
    private static final NodeName OURS = new NodeName("ours");
    private static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # answer   | text  | means
          done     | -     | bound
          gone     | -     | pod gone
          conflict | bound | read the pod; somebody changed it: bound
          refused  | no    | read the pod: 403 no
          unknown  | cut   | read the pod: cut
        """)
    void onlySuccessAndAMissingPodNeedNoRead(String answer, String text, String means) {
        var given = switch (answer) {
            case "done" -> new WriteAnswer.Done();
            case "gone" -> new WriteAnswer.Gone();
            case "conflict" -> new WriteAnswer.Conflict(text);
            case "refused" -> new WriteAnswer.Refused(403, text);
            case "unknown" -> new WriteAnswer.Unknown(text);
            default -> throw new AssertionError(answer);
        };
        assertThat(words(BindAttempt.meaning(given))).isEqualTo(means);
    }

    private static String words(BindAttempt.Answer answer) {
        return switch (answer) {
            case BindAttempt.Answer.Bound() -> "bound";
            case BindAttempt.Answer.PodGone() -> "pod gone";
            case BindAttempt.Answer.InDoubt(String why, boolean isConflict) ->
                "read the pod" + (isConflict ? "; somebody changed it: " : ": ") + why;
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # answer  | UID     | node      | phase     | deleted | means
          unknown | -       | -         | -         | -       | read again
          gone    | -       | -         | -         | -       | pod gone
          found   | another | -         | PENDING   | no      | pod replaced by another of its name
          found   | another | ours      | RUNNING   | no      | pod replaced by another of its name
          found   | same    | -         | PENDING   | no      | waiting
          found   | same    | -         | PENDING   | yes     | not here
          found   | same    | -         | FAILED    | no      | not here
          found   | same    | -         | SUCCEEDED | no      | not here
          found   | same    | elsewhere | PENDING   | no      | not here
          found   | same    | elsewhere | RUNNING   | yes     | not here
          found   | same    | ours      | PENDING   | no      | here
          found   | same    | ours      | RUNNING   | yes     | here
          found   | same    | ours      | FAILED    | no      | here
        """)
    void aQuorumReadSaysWhatBecameOfIt(
            String answer,
            @Nullable String uid,
            @Nullable String node,
            Pod.@Nullable Phase phase,
            @Nullable String deleted,
            String means) {
        var given = switch (answer) {
            case "unknown" -> new PodReadAnswer.Unknown("cut");
            case "gone" -> new PodReadAnswer.Gone();
            default -> new PodReadAnswer.Found(pod(uid, node, phase, deleted));
        };
        var reading = BindAttempt.reading(new PodUid("same"), OURS, given);
        assertThat(words(reading)).isEqualTo(means);
        if (given instanceof PodReadAnswer.Found(Pod pod) && "same".equals(uid)) {
            assertThat(BindAttempt.seen(OURS, pod))
                    .as("what the feed shows means the same")
                    .isEqualTo(reading);
        }
    }

    private static Pod pod(
            @Nullable String uid, @Nullable String node, Pod.@Nullable Phase phase, @Nullable String deleted) {
        PodBuilder pod = aPod();
        if (uid == null || phase == null) {
            throw new AssertionError("a pod that is found has a UID and a phase");
        }
        pod = pod.uid(uid).phase(phase);
        pod = node == null ? pod : pod.boundTo(node);
        return ("yes".equals(deleted) ? pod.deleting() : pod).build();
    }

    private static String words(BindAttempt.Reading reading) {
        return switch (reading) {
            case BindAttempt.Reading.Unread() -> "read again";
            case BindAttempt.Reading.PodGone(String why) -> why;
            case BindAttempt.Reading.Here here -> "here";
            case BindAttempt.Reading.NotHere elsewhere -> "not here";
            case BindAttempt.Reading.Waiting() -> "waiting";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # still wanted | seconds since it was sent | what next
          yes          |  0                        | send again
          yes          | 60                        | send again
          no           |  0                        | read at 10
          no           |  9                        | read at 10
          no           | 10                        | give up
          no           | 60                        | give up
        """)
    void aPodThatStillWaitsIsBoundAgainOrItsFateAwaited(String wanted, int seconds, String what) {
        var attempt = new BindAttempt.Prepared(0).sent(SENT);
        var next = attempt.next(wanted.equals("yes"), SENT.plusSeconds(seconds));
        assertThat(
                        switch (next) {
                            case BindAttempt.Next.SendAgain() -> "send again";
                            case BindAttempt.Next.AwaitFate(Instant then) ->
                                "read at " + Duration.between(SENT, then).toSeconds();
                            case BindAttempt.Next.GiveUp() -> "give up";
                        })
                .isEqualTo(what);
    }

    @Test
    void theFateIsThatOfTheLastOneSent() {
        var later = SENT.plusSeconds(30);
        var again = new BindAttempt.Prepared(0).sent(SENT).sent(later);
        assertThat(again.next(false, later.plusSeconds(9)))
                .isEqualTo(new BindAttempt.Next.AwaitFate(later.plus(BindAttempt.FATE)));
    }

    @Test
    void triesAreCountedFromThePreparationOnAndNotForgottenWhenItIsSentAgain() {
        var prepared = new BindAttempt.Prepared(0).triedInVain();
        var sent = prepared.sent(SENT).triedInVain();
        assertThat(prepared.tries()).isEqualTo(1);
        assertThat(sent).isEqualTo(new BindAttempt.Sent(SENT, 2));
        assertThat(sent.sent(SENT.plusSeconds(5)).tries()).isEqualTo(2);
    }
}
