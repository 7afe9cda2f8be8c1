/** Tests of the controller over fakes of both ports. Start at {@code DispatcherTest}. */
@NullMarked
package dev.spillway.app.controller;

import org.jspecify.annotations.NullMarked;
