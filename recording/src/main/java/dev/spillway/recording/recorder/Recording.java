package dev.spillway.recording.recorder;

import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import java.time.Instant;
import java.util.List;

/**
 * The recording of one engine. Called by the one thread that owns the engine, which it neither keeps waiting nor disturbs by an
 * exception: what cannot be recorded ends the recording.
 */
public interface Recording extends AutoCloseable {
    /** Of an engine that is not recorded. */
    Recording NONE = new Recording() {
        @Override
        public void step(Instant now, Event event, List<Effect> effects) {}

        @Override
        public void failed(Instant now, Event event, Throwable thrown) {}

        @Override
        public void close() {}
    };

    /** The engine was told this and returned that. Neither may change any more. */
    void step(Instant now, Event event, List<Effect> effects);

    /** The engine threw, and is not asked again. */
    void failed(Instant now, Event event, Throwable thrown);

    /** Ends it, by whichever thread, and waits for what is under way, at most 5 s. */
    @Override
    void close();
}
