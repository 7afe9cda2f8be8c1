/**
 * Runs a recording again and compares: {@link dev.spillway.recording.replay.Replay} finds the first difference,
 * {@link dev.spillway.recording.replay.Report} shows it.
 */
@NullMarked
package dev.spillway.recording.replay;

import org.jspecify.annotations.NullMarked;
