/**
 * The controller: one engine of the core between the API server and the regions. Facts go in by {@link
 * dev.spillway.app.controller.EventLoop}, effects come out through {@link dev.spillway.app.controller.Dispatcher}; {@link
 * dev.spillway.app.controller.Backends} keeps the regions' connections. It must not decide anything the core could decide, and must not
 * see what simulated regions are made of. Start at {@link dev.spillway.app.controller.EventLoop}.
 */
@NullMarked
package dev.spillway.app.controller;

import org.jspecify.annotations.NullMarked;
