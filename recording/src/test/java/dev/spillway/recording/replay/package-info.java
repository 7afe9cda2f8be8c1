/** Tests of replays. */
@NullMarked
package dev.spillway.recording.replay;

import org.jspecify.annotations.NullMarked;
