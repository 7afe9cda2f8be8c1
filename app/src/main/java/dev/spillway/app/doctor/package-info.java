/**
 * Looks at the home cluster and the ways to its regions from where it runs, and says what is fine, what is worth knowing, what is trouble and what to do. It
 * changes nothing: beside reads there are one dry run, and TCP connections to ports of pods that are closed again. Start at {@link
 * dev.spillway.app.doctor.DoctorCommand}.
 */
@NullMarked
package dev.spillway.app.doctor;

import org.jspecify.annotations.NullMarked;
