package dev.spillway.app.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetAsideTest { // F30
    private static final PodUid BAD = new PodUid("uid-bad");

    private final SetAside setAside = new SetAside();
    private final List<Event> taken = new ArrayList<>();
    private final List<Pod> told = new ArrayList<>();

    @BeforeEach
    void begin() {
        setAside.begin(taken::add, told::add);
    }

    private static Event.PodSeen seen(String name, String node) throws IOException {
        return new Event.PodSeen(Decoder.pod("""
            {"metadata": {"namespace": "ns", "name": "%1$s", "uid": "uid-%1$s", "creationTimestamp": "2026-03-01T09:00:00Z"},
             "spec": {"nodeName": "%2$s", "containers": [{"name": "main", "image": "x"}]}}
            """.formatted(name, node)));
    }

    private void throwTwice() {
        assertThat(setAside.threwAt(BAD)).as("the first may be chance").isEmpty();
        assertThat(setAside.threwAt(BAD)).contains(Duration.ofMinutes(1));
    }

    @Test
    void aPodAtWhichTwoEnginesThrewIsKeptBackAndToldOnceWhileOthersPass() throws IOException {
        throwTwice();

        setAside.take(seen("bad", ""));
        setAside.take(seen("good", ""));
        setAside.take(seen("bad", ""));
        setAside.take(new Event.ClusterListed());

        assertThat(taken).containsExactly(seen("good", ""), new Event.ClusterListed());
        assertThat(told).extracting(Pod::uid).containsExactly(BAD);
    }

    @Test
    void whenItsTimeIsOverTheEngineIsToldOfItAsItIsThen() throws IOException {
        throwTwice();
        setAside.take(seen("bad", ""));
        var newest = new Event.PodSeen(seen("bad", "").pod().in(Pod.Phase.FAILED));
        setAside.take(newest);

        setAside.release(BAD);

        assertThat(taken).containsExactly(newest);
        assertThat(setAside.threwAt(BAD)).as("and longer at once").contains(Duration.ofMinutes(2));
    }

    @Test
    void aPodThatHasANodeIsNeverKeptBackSinceItTakesUpRoom() throws IOException {
        throwTwice();

        setAside.take(seen("bad", "n1"));

        assertThat(taken).containsExactly(seen("bad", "n1"));
        assertThat(told).isEmpty();
    }

    @Test
    void aPodThatIsGoneIsForgotten() throws IOException {
        throwTwice();
        setAside.take(seen("bad", ""));
        var gone = new Event.PodGone(new PodKey("ns", "bad"), BAD);

        setAside.take(gone);
        setAside.release(BAD);

        assertThat(taken).containsExactly(gone);
        assertThat(setAside.threwAt(BAD)).isEmpty();
    }

    @Test
    void whatAnEarlierSessionBroughtIsNotToldToTheNext() throws IOException {
        throwTwice();
        setAside.take(seen("bad", ""));

        setAside.begin(taken::add, told::add);
        setAside.release(BAD);

        assertThat(taken).as("it may be gone since").isEmpty();
    }
}
