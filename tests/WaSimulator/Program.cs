using WaSimulator.Hosting;

return await RoleProgram.RunAsync(args);
