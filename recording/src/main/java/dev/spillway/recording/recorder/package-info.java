/**
 * Writes recordings while engines work, at little cost to them and without ever holding one up. Start at
 * {@link dev.spillway.recording.recorder.Recorder}.
 */
@NullMarked
package dev.spillway.recording.recorder;

import org.jspecify.annotations.NullMarked;
