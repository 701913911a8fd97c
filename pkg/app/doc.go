// Package app is the contract with an application under test, and starts it in both its forms.
//
// An application is a Func that gets an Env, or a program in any language that gets the same as environment variables.
// Either way it speaks through its topics, its exit and its log lines; Patterns turn lines into events.
//
// Start gives an App, which can be waited for, stopped and restarted; a process can also be killed, paused and resumed.
// A process and its descendants never outlive this one, see package child.
package app
