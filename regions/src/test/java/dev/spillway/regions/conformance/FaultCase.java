package dev.spillway.regions.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which faults of docs/specification/faults.md a test puts to a backend, by their numbers, such as F48. What came of it is noted where the
 * test's class is {@link OnBackend}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface FaultCase {
    /** Numbers of faults. */
    String[] value();
}
