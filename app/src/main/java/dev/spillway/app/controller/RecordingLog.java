package dev.spillway.app.controller;

import dev.spillway.recording.recorder.Recorder;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what becomes of recordings. */
final class RecordingLog implements Recorder.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingLog.class);

    @Override
    public void begun(Path file) {
        LOG.atInfo().addKeyValue("file", file).log("the engine is recorded");
    }

    @Override
    public void stopped(String why) {
        LOG.atWarn().addKeyValue("why", why).log("the engine is not recorded any more; it goes on");
    }

    @Override
    public void full(Path file) {
        LOG.atWarn()
                .addKeyValue("file", file)
                .log("the recording is as large as it may be (--record-size); the last events are kept in memory"
                        + " from now on");
    }

    @Override
    public void failed(Path file, boolean whole) {
        LOG.atError()
                .addKeyValue("file", file)
                .log(
                        whole
                                ? "what led to the engine's failure is recorded; 'spillway replay' runs it again"
                                : "the last events before the engine's failure are recorded; 'spillway replay' shows"
                                        + " them");
    }
}
