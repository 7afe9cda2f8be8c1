/** Tests of the recorder. */
@NullMarked
package dev.spillway.recording.recorder;

import org.jspecify.annotations.NullMarked;
