/** Tests of {@code spillway doctor}. */
@NullMarked
package dev.spillway.app.doctor;

import org.jspecify.annotations.NullMarked;
