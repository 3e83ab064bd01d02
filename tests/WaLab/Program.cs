using WaLab.Playground;

return await PlaygroundProgram.RunAsync(args);
